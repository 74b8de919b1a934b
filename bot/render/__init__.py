"""An ``Answer`` as text for one medium, cut into pages; decides form, never content."""
