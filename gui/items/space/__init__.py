"""Space: height fields over the plane seen from the side, painted without OpenGL."""
