"""What people read: text, HTML and charts."""
