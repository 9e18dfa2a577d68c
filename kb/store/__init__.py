"""The knowledge base file: one record a table, its columns, full text. No SQL outside this room."""
