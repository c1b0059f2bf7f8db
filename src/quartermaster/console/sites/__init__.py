"""Sites and their calendars: on which days each works, and until when it takes orders."""
