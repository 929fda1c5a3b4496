internal import CLinux
internal import Glibc

/// log2(3) and pow(3): for the few conversions that the kernel's interfaces need.
public func log2(_ value: Double) -> Double { Glibc.log2(value) }
public func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
