"""Other systems than the one that the tests run on."""
