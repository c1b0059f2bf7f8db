"""KPIs: tiles that say what they mean, and the rows each of them counts."""
