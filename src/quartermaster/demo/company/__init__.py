"""What the demo company is: its assortment, sites, lanes, shops and customers. Pure but for `found`."""
