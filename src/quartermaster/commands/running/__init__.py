"""How processes of Quartermaster are prepared, started, watched and stopped. Used by the commands only."""
