"""What we claim about speed, runnable: `./qm bench river`. Never part of what a shop installs."""
