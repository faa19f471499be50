"""The chassis, tried with toy services on real parts, each in processes of its own."""
