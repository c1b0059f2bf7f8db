"""What makes a SKU, a barcode and a kit right. Pure: no database, no clock."""
