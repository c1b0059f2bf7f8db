"""The chaos feed: five shops that lose, double, shuffle and spoil, and what both sides say in the end."""
