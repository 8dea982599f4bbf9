"""What people look at: the report page, the page of text, and their charts."""
