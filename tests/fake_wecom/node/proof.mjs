// Lets WeCom's own Node SDK hold a conversation with the server named by the first argument: it streams two states of
// an answer to every text, greets who enters, changes the card whose button is pressed, and pushes a card and a picture.
// One line of JSON on standard output for everything that happens.
import { readFileSync } from "node:fs";
import { WSClient } from "@wecom/aibot-node-sdk";

const [wsUrl, botId, secret, certificate] = process.argv.slice(2);
const tell = (what, fields = {}) => console.log(JSON.stringify({ what, ...fields }));
// The smallest PNG there is.
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const client = new WSClient({
  botId,
  secret,
  wsUrl,
  heartbeatInterval: 200,
  reconnectInterval: 50,
  logger: silent,
  wsOptions: certificate ? { ca: readFileSync(certificate) } : {},
});

client.on("authenticated", () => tell("authenticated"));
client.on("error", (error) => tell("error", { reason: String(error.message) }));
client.on("message.text", async (frame) => {
  tell("text", { text: frame.body.text.content, chat: frame.body.chattype });
  await client.replyStream(frame, "stream-1", "正在查询…", false);
  await client.replyStream(frame, "stream-1", "**12项**", true);
  const chat = frame.body.chatid ?? frame.body.from.userid;
  await client.sendMessage(chat, { msgtype: "template_card", template_card: card("第1页") });
  const picture = await client.uploadMedia(Buffer.from(PIXEL, "base64"), { type: "image", filename: "card.png" });
  await client.sendMediaMessage(chat, "image", picture.media_id);
  tell("answered");
});
client.on("event.enter_chat", async (frame) => {
  await client.replyWelcome(frame, { msgtype: "text", text: { content: "您好" } });
  tell("welcomed");
});
client.on("event.template_card_event", async (frame) => {
  const pressed = frame.body.event.template_card_event;
  await client.updateTemplateCard(frame, { ...card("第2页"), task_id: pressed.task_id });
  tell("updated", { key: pressed.event_key });
});

function card(title) {
  return {
    card_type: "button_interaction",
    main_title: { title },
    button_list: [{ text: "下一页", key: "next" }],
    task_id: "task-node",
  };
}

process.stdin.on("end", () => process.exit(0)).resume();
client.connect();
