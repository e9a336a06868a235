"""What a notebook shows of each object: plain HTML, escaped, in the language of the locale."""
