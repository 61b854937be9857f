import Routing
import Testing

@testable import Program

@Suite struct SettingsTests {
    func configuration(
        _ flags: [Setting: [String]] = [:], environment: [String: String] = [:], file: String = ""
    ) throws(ConfigurationProblem) -> PeerConfiguration {
        try PeerConfiguration(SettingsReader(flags: flags, environment: environment, file: file), environment: environment)
    }

    @Test(arguments: [
        (Setting.port, "FLEET_PORT"), (.meshPort, "FLEET_MESH_PORT"), (.nodeID, "FLEET_NODE_NODE_ID"),
        (.ollamaHost, "FLEET_NODE_OLLAMA_HOST"), (.routerURLs, "FLEET_NODE_ROUTER_URL"), (.dataDirectory, "FLEET_DATA_DIR"),
    ])
    func environmentNamesAreOllamaHerds(setting: Setting, name: String) {
        #expect(setting.environmentName == name)
    }

    @Test func defaultsHoldWithoutAnything() throws {
        let settings = try configuration([:], environment: ["HOME": "/somewhere"])
        #expect(settings.port == 11_435)
        #expect(settings.meshPort == 11_445)
        #expect(settings.dataDirectory == "/somewhere/.fleet-manager")
        #expect(settings.usesMDNS)
        #expect(settings.maxTries == 3)
        #expect(!settings.ollamaGiven)
    }

    @Test func aFlagWinsOverTheEnvironmentAndThatOverTheFile() throws {
        let file = "export FLEET_PORT=1\nFLEET_NAME='attic fleet'\n# FLEET_HOST=x\nFLEET_NODE_NODE_ID=file"
        #expect(try configuration([.port: ["3"]], environment: ["FLEET_PORT": "2"], file: "FLEET_PORT=1").port == 3)
        #expect(try configuration(environment: ["FLEET_PORT": "2"], file: "FLEET_PORT=1").port == 2)
        #expect(SettingsReader.parse(file)["FLEET_NAME"] == "attic fleet")
        #expect(SettingsReader.parse(file)["FLEET_PORT"] == "1")
        #expect(SettingsReader.parse(file)["FLEET_HOST"] == nil)
    }

    @Test func aFlagThatWasNotGivenHidesNothing() throws {
        let settings = try configuration(environment: ["FLEET_NODE_OLLAMA_HOST": "http://10.0.0.9:11434", "FLEET_MDNS": "off"])
        #expect(settings.ollamaHost == "http://10.0.0.9:11434")
        #expect(settings.ollamaGiven)
        #expect(!settings.usesMDNS)
    }

    @Test func listsComeRepeatedOrWithCommas() throws {
        let flags = try configuration([.routerURLs: ["http://a", "http://b"]])
        #expect(flags.routerURLs == ["http://a", "http://b"])
        let environment = try configuration(environment: ["FLEET_NODE_ROUTER_URL": "http://a, http://b ,"])
        #expect(environment.routerURLs == ["http://a", "http://b"])
    }

    @Test(arguments: [
        (Setting.port, "http"), (.port, "70000"), (.port, "-1"), (.routerPriority, "101"), (.consoleLogLevel, "loud"),
        (.mdns, "maybe"),
        (.nodeID, "two words"), (.nodeID, ""), (.nodeID, "a:b"), (.fleetName, String(repeating: "x", count: 64)),
        (.maxRetries, "3"), (.contextProtection, "off"), (.vramFallback, "maybe"), (.holdWait, "601"), (.autoPull, "perhaps"),
        (.autoPullTimeout, "0"), (.contextOverrides, "{\"a\":0}"),
        (.contextOverrides, "[]"),
        (.thinkingOverhead, "-1"), (.thinkingOverhead, "much"), (.thinkingMinimum, "1.5"), (.keepAlive, "soon"),
        (.keepAlive, "10m,"), (.keepAlive, "m"), (.keepAlive, "1..5h"),
    ])
    func aBadValueNamesItsSetting(setting: Setting, value: String) throws {
        let problem = #expect(throws: ConfigurationProblem.self) { try configuration([setting: [value]]) }
        #expect(problem?.setting.contains(setting.environmentName) == true)
    }

    @Test func rewritesAreOllamaHerdsButForKeepAlive() throws {
        let rules = try configuration().rewrites
        #expect(rules.context == .strip && rules.contexts.isEmpty && rules.keepAlive == nil)
        #expect(rules.thinking.overhead == 4 && rules.thinking.minimum == 1024)
        let environment = [
            "FLEET_CONTEXT_PROTECTION": "Warn", "FLEET_NUM_CTX_OVERRIDES": #"{"Qwen3":16384,"a:1b":4096}"#,
            "FLEET_THINKING_OVERHEAD": "2.5", "FLEET_THINKING_MIN_PREDICT": "0", "FLEET_KEEP_ALIVE": "-1",
        ]
        let other = try configuration(environment: environment).rewrites
        #expect(other.context == .warn && other.context(of: "qwen3:latest") == 16_384 && other.context(of: "qwen3") == nil)
        #expect(other.thinking.overhead == 2.5 && other.thinking.minimum == 0 && other.keepAlive == "-1")
        for (text, json) in [
            ("300", "300"), ("10m", "\"10m\""), ("1h30m", "\"1h30m\""), ("-1s", "\"-1s\""), ("1.5h", "\"1.5h\""),
        ] {
            #expect(try configuration(environment: ["FLEET_KEEP_ALIVE": text]).rewrites.keepAlive == json)
        }
    }

    @Test func anotherModelAnswersOnlyForWhatFitsNowhereUnlessToldOtherwise() throws {
        #expect(try configuration().substitution == .unservable)
        for (word, meant) in [("true", Substitution.always), ("off", .never), ("Unservable", .unservable)] {
            #expect(try configuration(environment: ["FLEET_VRAM_FALLBACK": word]).substitution == meant)
        }
    }

    @Test func pullsAndHoldsAreOllamaHerds() throws {
        let settings = try configuration()
        #expect(settings.autoPull && settings.autoPullTimeout == .seconds(300) && settings.holdWait == .seconds(30))
        #expect(FleetSetting.autoPull.configured(settings) == 1 && FleetSetting.vramFallback.configured(settings) == 2)
        let other = try configuration(
            environment: ["FLEET_AUTO_PULL": "false", "FLEET_AUTO_PULL_TIMEOUT": "20", "FLEET_VRAM_FALLBACK": "true"])
        #expect(!other.autoPull && other.autoPullTimeout == .seconds(20))
        #expect(FleetSetting.autoPull.configured(other) == 0 && FleetSetting.vramFallback.configured(other) == 1)
    }

    @Test func theTwoPortsMustDiffer() {
        #expect(throws: ConfigurationProblem.self) { try configuration([.port: ["5000"], .meshPort: ["5000"]]) }
    }

    @Test func ollamasOwnParallelSettingIsUsed() throws {
        #expect(try configuration(environment: ["OLLAMA_NUM_PARALLEL": "4"]).slotsPerModel == 4)
        #expect(try configuration(environment: ["OLLAMA_NUM_PARALLEL": "0"]).slotsPerModel == nil)
        #expect(try configuration(environment: ["OLLAMA_NUM_PARALLEL": "4", "FLEET_SLOTS_PER_MODEL": "2"]).slotsPerModel == 2)
    }

    @Test func aliasesStandForModels() throws {
        let text = #"{"fast":"llama3.2:3b","smart":["qwen3:32b","gpt-4o"]}"#
        let aliases = try configuration(environment: ["FLEET_MODEL_ALIASES": text]).aliases
        #expect(aliases.all.map(\.name) == ["fast", "smart"])
        #expect(aliases.all.map(\.models) == [["llama3.2:3b"], ["qwen3:32b", "gpt-4o"]])
        for bad in [
            "x", "[]", #"{"a":1}"#, #"{"a":[]}"#, #"{"":"b"}"#, #"{"a b":"c"}"#, #"{"a":"A:latest"}"#, #"{"a":"b","b":"c"}"#,
            #"{"a":""}"#,
        ] {
            #expect(throws: ConfigurationProblem.self) { try configuration(environment: ["FLEET_MODEL_ALIASES": bad]) }
        }
    }
}
