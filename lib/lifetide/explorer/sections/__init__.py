"""The sections of the report page: each turns facts into markup, and has an answer when there is nothing to show."""
