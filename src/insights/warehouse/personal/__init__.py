"""Personal data: where a person is held, how every trace goes, and what keeps a later load from bringing it back."""
