"""Other software, each through its public interface; imported only where it is called."""
