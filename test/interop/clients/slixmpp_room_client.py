"""Somebody in rooms on slixmpp, driven by lines of JSON: see test/interop/support/room-goer.ts."""

import asyncio
import json
import logging
import sys

import slixmpp
from slixmpp.exceptions import IqError, PresenceError


class RoomGoer(slixmpp.ClientXMPP):
    def __init__(self, account):
        super().__init__(f"{account['user']}@{account['domain']}/{account['resource']}", account["password"])
        self.ca_certs = account["certificate"]
        for plugin in ("xep_0045", "xep_0199"):
            self.register_plugin(plugin)
        self.muc = self["xep_0045"]
        self.add_event_handler("session_start", self.come_online)
        self.add_event_handler("groupchat_message", self.hear)
        self.add_event_handler("groupchat_subject", self.read_subject)
        self.add_event_handler("groupchat_presence", self.see)
        self.add_event_handler("groupchat_message_error", self.be_refused)
        self.add_event_handler("groupchat_config_status", self.notice_configuration)
        self.add_event_handler("message", self.be_whispered_to)
        self.add_event_handler("disconnected", self.end)

    async def come_online(self, _):
        await self.get_roster()
        self.send_presence()
        tell(event="online", jid=self.boundjid.full)

    def hear(self, message):
        if message["type"] != "groupchat":
            return
        is_old = message.get_plugin("delay", check=True) is not None
        tell(event="heard", nick=message["from"].resource, body=message["body"], old=is_old)

    def read_subject(self, message):
        tell(event="subject", nick=message["from"].resource, text=message["subject"])

    def see(self, presence):
        muc = presence["muc"]
        kind = "gone" if presence["type"] == "unavailable" else "here"
        tell(event=kind, nick=presence["from"].resource, affiliation=muc["affiliation"], role=muc["role"], codes=sorted(muc["status_codes"]))

    def be_refused(self, message):
        tell(event="refused", condition=message["error"]["condition"])

    def notice_configuration(self, message):
        tell(event="configured", codes=sorted(message["muc"]["status_codes"]))

    def be_whispered_to(self, message):
        if message["type"] == "chat" and message["body"]:
            tell(event="whispered", nick=message["from"].resource, body=message["body"])

    def end(self, _):
        tell(event="offline")
        self.loop.stop()

    async def obey(self, order):
        try:
            await getattr(self, "do_" + order["do"])(order)
        except PresenceError as error:
            tell(event="refused", condition=error.condition)
        except IqError as error:
            tell(event="refused", condition=error.condition)

    async def do_enter(self, order):
        room = order["room"]
        presence, subject, _, history = await self.muc.join_muc_wait(
            room, order["nick"], password=order.get("password"), maxstanzas=order.get("history"), timeout=20
        )
        entry = {
            "codes": sorted(presence["muc"]["status_codes"]),
            "occupants": sorted(self.muc.get_roster(room)),
            "history": [message["body"] for message in history],
            "subject": subject["subject"],
        }
        tell(event="entered", entry=entry)

    async def do_accept(self, order):
        """The form as it is offered, with what the order changes."""
        form = await self.muc.get_room_config(order["room"])
        fields = dict(form.get_values(), **order.get("fields", {}))
        form["type"] = "submit"
        form.set_values(fields)
        await self.muc.set_room_config(order["room"], form)
        tell(event="done")

    async def do_say(self, order):
        self.send_message(mto=order["room"], mbody=order["body"], mtype="groupchat")

    async def do_whisper(self, order):
        self.send_message(mto=f"{order['room']}/{order['nick']}", mbody=order["body"], mtype="chat")

    async def do_rename(self, order):
        self.send_presence(pto=f"{order['room']}/{order['nick']}")

    async def do_discuss(self, order):
        self.muc.set_subject(order["room"], order["text"])

    async def do_role(self, order):
        await self.muc.set_role(order["room"], order["nick"], order["role"], reason=order["reason"])
        tell(event="done")

    async def do_affiliation(self, order):
        await self.muc.set_affiliation(order["room"], order["affiliation"], jid=order["jid"], reason=order["reason"])
        tell(event="done")

    async def do_list(self, order):
        jids = await self.muc.get_affiliation_list(order["room"], order["affiliation"])
        tell(event="listed", jids=sorted(str(jid) for jid in jids))

    async def do_ping(self, order):
        """XEP-0410."""
        await self["xep_0199"].send_ping(f"{order['room']}/{order['nick']}", timeout=20)
        tell(event="pong")

    async def do_depart(self, order):
        self.send_presence(pto=f"{order['room']}/{order['nick']}", ptype="unavailable", pstatus=order["words"])

    async def do_leave(self, _):
        await self.disconnect()


def tell(**event):
    print(json.dumps(event, separators=(",", ":"), ensure_ascii=False), flush=True)


async def listen(client):
    reader = asyncio.StreamReader()
    await client.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async for line in reader:
        client.loop.create_task(client.obey(json.loads(line)))


account = json.loads(sys.argv[1])
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
client = RoomGoer(account)
client.connect((account["host"], account["port"]), use_ssl=account["road"] == "direct TLS", force_starttls=True)
listening = client.loop.create_task(listen(client))
client.loop.run_forever()
