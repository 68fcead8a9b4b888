"""What panels draw with: pictures of data, surfaces and networks."""
