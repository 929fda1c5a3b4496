import Harness
import LinuxKernel
import Testing

@Suite("dockerd drives the runtime", .leavesNothingBehind)
struct DockerTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("run, exec, a terminal, stop and kill", arguments: runtimesUnderTest)
    func lifecycle(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        let outcome = try docker.command("run", "--rm", "--network", "none", "busybox", "sh", "-c", "echo hi; exit 7")
            .run()
        #expect(outcome.output == "hi\n", "\(outcome)")
        #expect(outcome.status == 7)

        try docker.command("run", "-d", "--network", "none", "--name", "box", "busybox", "sleep", "1000").succeed()
        let exec = try docker.command("exec", "box", "sh", "-c", "echo inside; exit 5").run()
        #expect(exec.output == "inside\n", "\(exec)")
        #expect(exec.status == 5)
        #expect(try docker.command("top", "box").succeed().contains("sleep 1000"))
        try docker.command("pause", "box").succeed()
        try docker.command("unpause", "box").succeed()
        try docker.command("stop", "--time", "1", "box").succeed()
        #expect(try docker.command("inspect", "--format", "{{.State.ExitCode}}", "box").succeed() == "137\n")
        try docker.command("start", "box").succeed()
        try docker.command("kill", "box").succeed()
        try docker.command("rm", "--force", "box").succeed()

        let terminal = try docker.command("run", "--rm", "-it", "--network", "none", "busybox", "sh").startOnTerminal()
        try terminal.waitForOutput("#", within: 30)
        try terminal.send("stty size; exit 4\n")
        #expect(try terminal.wait().status == 4)
        #expect(terminal.outputSoFar.contains("24 80"), "\(terminal.outputSoFar)")
    }

    @Test("a program that is not there is 127, one that cannot be executed 126", arguments: runtimesUnderTest)
    func notThere(_ runtime: String) throws {
        let docker = try Docker(in: scratch, runtime: runtime)
        #expect(
            try docker.command("run", "--rm", "--network", "none", "busybox", "no-such-program").run().status == 127)
        #expect(try docker.command("run", "--rm", "--network", "none", "busybox", "/etc/passwd").run().status == 126)
    }
}
