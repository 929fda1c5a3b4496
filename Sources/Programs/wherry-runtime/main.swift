print("wherry-runtime")
