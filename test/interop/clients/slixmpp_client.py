"""A chat client on slixmpp that is driven by lines of JSON: see test/interop/support/driven-client.ts."""

import asyncio
import json
import logging
import sys

import slixmpp


class Client(slixmpp.ClientXMPP):
    def __init__(self, account):
        super().__init__(f"{account['user']}@{account['domain']}/{account['resource']}", account["password"])
        self.ca_certs = account["certificate"]
        self.register_plugin("xep_0199")
        self.add_event_handler("session_start", self.come_online)
        self.add_event_handler("message", self.hear)
        self.add_event_handler("failed_all_auth", lambda _: tell(event="refused"))
        self.add_event_handler("disconnected", self.end)

    async def come_online(self, _):
        await self.get_roster()
        self.send_presence()
        await self["xep_0199"].send_ping(self.boundjid.domain)
        tell(event="online", jid=self.boundjid.full)

    def hear(self, message):
        if message["type"] in ("chat", "normal") and message["body"]:
            tell(event="message", sender=message["from"].bare, body=message["body"])

    def end(self, _):
        tell(event="offline")
        self.loop.stop()

    async def obey(self, order):
        if order["do"] == "message":
            self.send_message(mto=order["to"], mbody=order["body"], mtype="chat")
        elif order["do"] == "ping":
            await self["xep_0199"].send_ping(self.boundjid.domain)
            tell(event="pong")
        elif order["do"] == "leave":
            await self.disconnect()


def tell(**event):
    print(json.dumps(event, separators=(",", ":"), ensure_ascii=False), flush=True)


async def listen(client):
    reader = asyncio.StreamReader()
    await client.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        await client.obey(json.loads(line))


account = json.loads(sys.argv[1])
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
client = Client(account)
client.connect((account["host"], account["port"]), use_ssl=account["road"] == "direct TLS", force_starttls=True)
listening = client.loop.create_task(listen(client))
client.loop.run_forever()
