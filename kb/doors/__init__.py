"""One contract, many doors: every question with its parameters, its typed answer and an example, over HTTP and for assistants."""
