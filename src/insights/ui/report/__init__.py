"""Pages as one printable file, made of the same cards as the screen."""
