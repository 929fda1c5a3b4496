internal import CCurl
public import LinuxKernel

/// Requests of HTTP over libcurl's multi interface: one thread does all of them, over connections that are kept.
public final class HTTPTransfers: Sendable {
    private struct Orders: Sendable {
        var starts: [Transfer] = []
        var cancellations: [UInt64] = []
        var lastKey: UInt64 = 0
    }

    /// How long the thread sleeps when nothing is to be done: libcurl closes idle connections then.
    private static let idleMilliseconds: Int32 = 60_000
    static let userAgent = "wherry/0.1"

    private let orders = Monitor(Orders())
    private let queue: TransferQueue
    private let proxies: TransferProxies

    /// Starts the thread, which lives as long as the program.
    public init(proxies: TransferProxies = TransferProxies()) throws(SystemError) {
        guard ccurl_start() == CURLE_OK, let queue = TransferQueue() else {
            throw SystemError(.noMemory, "start", "libcurl")
        }
        self.queue = queue
        self.proxies = proxies
        try SystemThread.start { [self] in
            while true {
                let (starts, cancellations) = takeOrders()
                for transfer in starts { queue.add(transfer) }
                for key in cancellations { queue.cancel(key) }
                queue.work()
                queue.wait(Self.idleMilliseconds)
            }
        }
    }

    /// Sends `request`, and gives the answer to `sink` as it comes; returns its head when all of it is there. A task
    /// that is cancelled takes its request with it, at once.
    public func perform(_ request: TransferRequest, into sink: any TransferSink)
        async throws(TransferError) -> TransferHead
    {
        let key = orders.withLock { orders in
            orders.lastKey += 1
            return orders.lastKey
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Result<TransferHead, TransferError>, Never>) in
                start(Transfer(key, request, sink, proxies) { continuation.resume(returning: $0) })
                // Whoever was cancelled before has told so when nobody knew of the transfer.
                if Task.isCancelled { cancel(key) }
            }
        } onCancel: {
            cancel(key)
        }
        return try outcome.get()
    }

    private func start(_ transfer: Transfer?) {
        guard let transfer else { return }
        orders.withLock { $0.starts.append(transfer) }
        queue.wake()
    }

    private func cancel(_ key: UInt64) {
        orders.withLock { $0.cancellations.append(key) }
        queue.wake()
    }

    private func takeOrders() -> ([Transfer], [UInt64]) {
        orders.withLock { orders in
            defer { (orders.starts, orders.cancellations) = ([], []) }
            return (orders.starts, orders.cancellations)
        }
    }
}

/// libcurl's stack of transfers (libcurl-multi(3)).
///
/// `@unchecked Sendable`: all but `wake`, which libcurl allows from any thread, is called by one thread.
@safe private final class TransferQueue: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer
    private var transfers: [UInt64: Transfer] = [:]

    init?() {
        guard let multi = unsafe curl_multi_init() else { return nil }
        unsafe self.multi = multi
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    func add(_ transfer: Transfer) {
        transfers[transfer.key] = transfer
        unsafe curl_multi_add_handle(multi, transfer.handle)
    }

    func cancel(_ key: UInt64) {
        guard let transfer = transfers.removeValue(forKey: key) else { return }
        unsafe curl_multi_remove_handle(multi, transfer.handle)
        transfer.cancel()
    }

    /// Does what can be done without waiting, and answers whoever's transfer has ended.
    func work() {
        var running: Int32 = 0
        unsafe curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let (handle, code) = unsafe (message.pointee.easy_handle, message.pointee.data.result)
            guard let transfer = transfers.values.first(where: { unsafe $0.handle == handle }) else { continue }
            transfers[transfer.key] = nil
            unsafe curl_multi_remove_handle(multi, transfer.handle)
            transfer.finish(code)
        }
    }

    func wait(_ milliseconds: Int32) { unsafe curl_multi_poll(multi, nil, 0, milliseconds, nil) }
    func wake() { unsafe curl_multi_wakeup(multi) }
}

extension HTTPTransfers {
    /// A small answer as a whole; one of more than `limit` bytes is ``TransferError/Kind/refused``.
    public func document(_ request: TransferRequest, limit: Int)
        async throws(TransferError) -> (head: TransferHead, bytes: [UInt8])
    {
        let sink = DocumentSink(limit: limit)
        let head = try await perform(request, into: sink)
        return (head, sink.bytes)
    }
}
