/**
 * The shapes the page works with, in Slack's own forms. This module holds types only.
 *
 * @typedef {{id:string, name:string, real_name?:string, is_bot?:boolean, is_admin?:boolean, color?:string, app_id?:string}} User
 * @typedef {{id:string, name?:string, is_im?:boolean, user?:string, is_private?:boolean, topic?:string, members?:string[],
 *   last_ts?:string|null, last_read?:string|null, unread?:number, mentions?:number, is_archived?:boolean}} Channel
 * @typedef {{command:string, description?:string, usage_hint?:string}} Command
 * @typedef {{name:string, type:"message"|"global", callback_id:string, description?:string}} Shortcut
 * @typedef {{app_id:string, name:string, bot_user_id:string, home_enabled?:boolean, messages_enabled?:boolean,
 *   commands?:Command[], shortcuts?:Shortcut[], connected?:boolean}} App
 * @typedef {{name:string, users:string[], count:number}} Reaction
 * @typedef {{type:string, block_id?:string, [key:string]:any}} Block
 * @typedef {{type?:string, ts:string, thread_ts?:string, user?:string, bot_id?:string, text?:string, blocks?:Block[],
 *   edited?:{ts:string, user?:string}, reply_count?:number, reply_users?:string[], latest_reply?:string,
 *   reactions?:Reaction[], streaming?:boolean, ephemeral?:boolean, subtype?:string,
 *   files?:{id:string, name:string, pretty_type?:string, size?:number}[]}} Message
 * @typedef {{id:string, type:"modal"|"home", title?:{text:string}, blocks:Block[], submit?:{text:string}, close?:{text:string},
 *   notify_on_close?:boolean, hash?:string, callback_id?:string, private_metadata?:string}} View
 * @typedef {{type:"message"|"view"|"home", channel?:string, ts?:string, thread_ts?:string, ephemeral?:boolean, view_id?:string}} Container
 * @typedef {{title:string, message:string}} Prompt
 * @typedef {{name:"channel", channel:string, thread:string|null, message:string|null}
 *   | {name:"home", app:string} | {name:"none"}} Route
 */
export {};
