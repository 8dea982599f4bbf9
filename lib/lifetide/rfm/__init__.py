"""RFM scores and the fourteen segments."""
