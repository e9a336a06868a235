"""Files of a district folder to checked frames."""
