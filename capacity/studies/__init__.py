"""Studies: several runs put side by side; arrays, records and plain frames, no pictures."""
