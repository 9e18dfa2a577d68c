"""What is cited: found as written, then resolved to what is meant on a day."""
