print("wherryd")
