// XEP-0092: Software Version <https://xmpp.org/extensions/xep-0092.html>
import { release, type } from "node:os";
import { extension, option, xml } from "../src/extension/index.js";

const NS = "jabber:iq:version";

export const softwareVersion = extension({
  xep: "0092",
  name: "software-version",
  version: "1.1",
  sentence: "Tells which program this is.",
  features: [NS],
  options: {
    show_version: option.boolean(true, "Whether the version is told."),
    show_os: option.boolean(false, "Whether the operating system is told."),
  },
  start(host) {
    const { name, version } = host.software;
    const { show_version: isVersionShown, show_os: isSystemShown } = host.options;
    host.iq.get(NS, "query", "host", () =>
      xml(
        "query",
        { xmlns: NS },
        xml("name", {}, name),
        xml("version", {}, isVersionShown ? version : ""), // §2: required, so it is there even when it says nothing
        isSystemShown && xml("os", {}, `${type()} ${release()}`),
      ),
    );
  },
});
