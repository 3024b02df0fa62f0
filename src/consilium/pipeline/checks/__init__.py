"""What certainly makes a generated claim other than the sentences that it cites; rules reject, and never certify."""
