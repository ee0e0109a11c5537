import Dispatch
import Glibc

/// SwiftPM gives a program's main function this name. It is that of libFuzzer's driver.
@_cdecl("Fuzz_main")
func fuzzMain(_ count: Int32, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
    var (count, arguments) = (count, Optional(arguments))
    return runDriver(&count, &arguments, testOneInput)
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// libFuzzer calls this for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    fuzzed.run(Array(UnsafeRawBufferPointer(start: bytes, count: size)))
    return 0
}

/// The target, from the environment, since libFuzzer interprets the arguments. Created before the first input, on the main thread, so that it may
/// wait for a task.
private let fuzzed: FuzzTarget = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let target = FuzzTarget(rawValue: name) else {
        fatalError("FUZZ_TARGET names one of: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let isReady = DispatchSemaphore(value: 0)
    Task {
        await FuzzTarget.prepare()
        isReady.signal()
    }
    isReady.wait()
    return target
}()
