import Shim

ShimProgram.main()
