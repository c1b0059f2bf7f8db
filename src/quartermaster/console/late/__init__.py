"""What is late on the way to the receiver, or about to be; and what carriers told of a parcel."""
