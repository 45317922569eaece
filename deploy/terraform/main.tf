# Roster in Terraform: the packaged template as a CloudFormation stack, beside whatever else the product has.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "bucket" {
  description = "The bucket that `sam package` put the code into. The template goes there, too."
  type        = string
}

variable "packaged" {
  description = "What `sam package` wrote: the template, whose code lies in S3 already."
  type        = string
  default     = "../../build/packaged.yaml"
}

variable "parameters" {
  description = "The parameters that docs/deploy.md lists."
  type        = map(string)
}

resource "aws_s3_object" "template" {
  bucket = var.bucket
  key    = "roster/${filesha256(var.packaged)}.yaml" # another template is another address, so that the stack is updated
  source = var.packaged
}

resource "aws_cloudformation_stack" "roster" {
  name         = "roster"
  template_url = "https://s3.${data.aws_region.here.id}.amazonaws.com/${var.bucket}/${aws_s3_object.template.key}" # too large for template_body
  parameters   = var.parameters
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
}

data "aws_region" "here" {}

output "api_url" {
  description = "Where clients reach the API"
  value       = aws_cloudformation_stack.roster.outputs["ApiUrl"]
}
