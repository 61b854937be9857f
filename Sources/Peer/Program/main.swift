print("herd-peer")
