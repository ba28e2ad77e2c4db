"""Two calculations compared: who gains or loses how much under other plans."""
