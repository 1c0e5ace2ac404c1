"""From the ledger to the channel, each thing once."""
