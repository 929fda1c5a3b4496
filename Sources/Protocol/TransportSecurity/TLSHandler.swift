internal import NIOCore

/// TLS for one connection, between its socket and HTTP. A client has a time to finish the handshake.
final class TLSHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private enum State { case shakingHands, open, closed }

    private static let handshakeTime = TimeAmount.seconds(10)

    private let session: TLSSession
    private var state = State.shakingHands
    private var deadline: Scheduled<Void>?

    init(_ session: TLSSession) { self.session = session }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: Self.handshakeTime) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .closed else { return }
        session.receive(unwrapInboundIn(data))
        do throws(TLSError) {
            if state == .shakingHands { try shakeHands(context) }
            if state == .open { try passOn(context) }
        } catch { end(context, error) }
    }

    private func shakeHands(_ context: ChannelHandlerContext) throws(TLSError) {
        let isDone = try session.shakeHands()
        send(context)
        guard isDone else { return }
        state = .open
        deadline?.cancel()
    }

    private func passOn(_ context: ChannelHandlerContext) throws(TLSError) {
        while state == .open {
            switch try session.read(context.channel.allocator) {
            case .bytes(let bytes): context.fireChannelRead(wrapInboundOut(bytes))
            case .nothingNow: return send(context)
            case .ended:
                close(context)
                return context.close(promise: nil)
            }
        }
    }

    /// Whatever broke, the client is told by an alert where libssl has one for it.
    private func end(_ context: ChannelHandlerContext, _ error: TLSError) {
        state = .closed
        send(context)
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }

    /// Sends what libssl wants to say for itself.
    private func send(_ context: ChannelHandlerContext) {
        guard let bytes = session.takeOutgoing(context.channel.allocator) else { return }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
    }

    // MARK: To the client

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        do throws(TLSError) {
            guard state == .open, case .byteBuffer(let bytes) = unwrapOutboundIn(data) else {
                throw TLSError(reason: "only bytes can be sent, and only once hands were shaken")
            }
            try session.write(bytes)
        } catch {
            promise?.fail(error)
            return
        }
        let bytes = session.takeOutgoing(context.channel.allocator) ?? ByteBuffer()
        context.write(wrapOutboundOut(.byteBuffer(bytes)), promise: promise)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input { close(context) }
        context.close(mode: mode, promise: promise)
    }

    private func close(_ context: ChannelHandlerContext) {
        guard state == .open else { return }
        state = .closed
        session.sayGoodbye()
        send(context)
    }
}
