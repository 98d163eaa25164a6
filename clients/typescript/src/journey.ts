import {
  AuditApi,
  AuditStateEnum,
  Configuration,
  DeadLettersApi,
  InventoryApi,
  OperationApi,
  OperationCommandOperationEnum,
  OrdersApi,
  OrderToJSON,
  ResponseError,
  Status,
  type Order,
} from '../target/generated-sources/openapi';

// The one word of Node's that is used; its types would be another package.
declare const process: { readonly argv: readonly string[] };

const LIMIT_MS = 60_000;

/** The journey of an order by a generated client, at the address that is its argument; ends with 1 where an answer is not as it was promised. */
async function journey(basePath: string): Promise<void> {
  const client = new Configuration({ basePath });
  const orders = new OrdersApi(client);
  const inventory = new InventoryApi(client);

  const sku = `generated-${word()}`;
  equal(5, (await inventory.setStock({ sku, onHand: { onHand: 5 } })).onHand);
  const idempotencyKey = word();
  const { orderId: id } = await orders.placeOrder({ order: order(sku, 2), idempotencyKey });
  equal(id, (await orders.placeOrder({ order: order(sku, 2), idempotencyKey })).orderId);

  let end = Date.now() + LIMIT_MS;
  let state = await orders.readOrder({ id, prefer: 'wait=10' });
  while (state.status !== Status.Completed) {
    before(end, `the order is ${state.status}`);
    state = await orders.readOrder({ id, prefer: 'wait=10' });
  }
  equal(4, state.timeline.length);
  equal(sku, state.lines[0]?.sku);
  equal(2, (await inventory.readStock({ sku })).reserved);
  const page = await orders.listOrders({ status: Status.Completed, customer: 'c-generated', limit: 10 });
  equal(true, page.orders.some((line) => line.orderId === id));

  const refusal = await orders.placeOrder({ order: order(sku, 0) }).then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(refusal instanceof ResponseError)) {
    throw new Error(`An order of nothing was not refused, but: ${String(refusal)}`);
  }
  equal(422, refusal.response.status);
  equal(true, (await refusal.response.text()).includes('problems/invalid-order'));

  // A bulk goes out as text and comes back as a blob, a line each.
  const results = await orders.placeOrders({ body: JSON.stringify(OrderToJSON(order(sku, 1))) + '\n' });
  equal(true, (await results.text()).includes('"accepted"'));

  const deadLetters = new DeadLettersApi(client);
  equal(true, (await deadLetters.listDeadLetters({ limit: 10 })).deadLetters.length <= 10);
  equal(true, (await deadLetters.redrive({ redrive: { filter: { service: 'shipping' }, dryRun: true } })).dryRun);
  const operation = new OperationApi(client);
  equal(true, (await operation.listRoutes()).routes.length >= 4);
  const pause = { operation: OperationCommandOperationEnum.Pause, service: 'shipping', dryRun: true };
  equal(true, (await operation.operate({ operationCommand: pause })).dryRun);

  // Each call waits for the report a while, and then says how far it is.
  const auditing = new AuditApi(client);
  end = Date.now() + LIMIT_MS;
  let audit = await auditing.audit();
  while (audit.state === AuditStateEnum.Running) {
    before(end, `the audit is at ${audit.part}`);
    audit = await auditing.audit();
  }
  equal(true, (audit.services ?? []).length >= 4);
  console.log(`clients: typescript: the journey of order ${id} is as the contract says`);
}

function order(sku: string, quantity: number): Order {
  return {
    customer: { id: 'c-generated', email: 'ada@example.com' },
    shipTo: {
      name: 'Ada Lovelace',
      street: "12 St James's Square",
      city: 'London',
      postalCode: 'SW1Y 4JH',
      country: 'GB',
    },
    currency: 'GBP',
    lines: [{ sku, quantity, unitPrice: '12.50' }],
  };
}

/** Not crypto.randomUUID, which Node 18 has under another name. */
function word(): string {
  return Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
}

function before(end: number, otherwise: string): void {
  if (Date.now() > end) {
    throw new Error(`After ${LIMIT_MS} ms ${otherwise}`);
  }
}

function equal(wanted: unknown, found: unknown): void {
  if (wanted !== found) {
    throw new Error(`wanted ${wanted}, found ${found}`);
  }
}

const url = process.argv[2];
if (url === undefined) {
  throw new Error('usage: node journey.js URL');
}
// A promise that fails and is not caught ends node with 1.
void journey(url);
