"""What is opened and saved: experiments, tables, networks, and what a crash leaves."""
