"""What the cells settle where names say too little: ids, people, times and words."""
