print("wherry-shim")
