// Tests of this room are being written.
