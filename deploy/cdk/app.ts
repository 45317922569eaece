// Roster in a CDK app: the packaged template as a nested stack, beside whatever else the product has.

import { App, CfnOutput, CfnStack, Stack, type StackProps } from 'aws-cdk-lib';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';

/** What `sam package` wrote: the template, whose code lies in S3 already. */
const PACKAGED = process.env.PACKAGED ?? '../../build/packaged.yaml';

/** Roster, with the parameters that docs/deploy.md lists. */
export class Roster extends Construct {
  /** Where clients reach the API. */
  readonly apiUrl: string;

  constructor(scope: Construct, id: string, parameters: Record<string, string>) {
    super(scope, id);
    const template = new Asset(this, 'Template', { path: PACKAGED });
    const stack = new CfnStack(this, 'Stack', { templateUrl: template.httpUrl, parameters });
    this.apiUrl = stack.getAtt('Outputs.ApiUrl').toString();
  }
}

class Product extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const roster = new Roster(this, 'Roster', {
      Pack: 'credentials',
      ProductName: 'Badges',
      AppUrl: 'https://app.example.com',
      AllowedOrigins: 'https://app.example.com',
      Issuer: 'https://issuer.example.com',
      Audience: 'roster',
      MailFrom: 'team@example.com',
    });
    new CfnOutput(this, 'RosterUrl', { value: roster.apiUrl });
  }
}

new Product(new App(), 'Product');
