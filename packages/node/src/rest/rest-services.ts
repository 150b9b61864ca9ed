/** The services that are served as REST. */
import type { DescService } from '@bufbuild/protobuf';
import { Query as Auth } from '@decai/protocol/gen/cosmos/auth/v1beta1/query_pb';
import { Query as Authz } from '@decai/protocol/gen/cosmos/authz/v1beta1/query_pb';
import { Query as Bank } from '@decai/protocol/gen/cosmos/bank/v1beta1/query_pb';
import { Service as Node } from '@decai/protocol/gen/cosmos/base/node/v1beta1/query_pb';
import { Service as Tendermint } from '@decai/protocol/gen/cosmos/base/tendermint/v1beta1/query_pb';
import { Query as Staking } from '@decai/protocol/gen/cosmos/staking/v1beta1/query_pb';
import { Service as Transactions } from '@decai/protocol/gen/cosmos/tx/v1beta1/service_pb';
import { Query as Application } from '@decai/protocol/gen/pocket/application/query_pb';
import { Query as Gateway } from '@decai/protocol/gen/pocket/gateway/query_pb';
import { Query as Proof } from '@decai/protocol/gen/pocket/proof/query_pb';
import { Query as Service } from '@decai/protocol/gen/pocket/service/query_pb';
import { Query as Session } from '@decai/protocol/gen/pocket/session/query_pb';
import { Query as Shared } from '@decai/protocol/gen/pocket/shared/query_pb';
import { Query as Supplier } from '@decai/protocol/gen/pocket/supplier/query_pb';
import { Query as Tokenomics } from '@decai/protocol/gen/pocket/tokenomics/query_pb';

export const REST_SERVICES: readonly DescService[] = [
  Application,
  Gateway,
  Supplier,
  Service,
  Session,
  Shared,
  Proof,
  Tokenomics,
  Auth,
  Authz,
  Bank,
  Staking,
  Transactions,
  Tendermint,
  Node,
];
