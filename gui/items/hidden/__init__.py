"""Hidden: where a hidden layer puts the plane and its points, seen along two or three axes, painted without OpenGL."""
